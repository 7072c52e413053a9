"""The first domain: call detail records (CDRs), exports of them, and the accounts they are billed to."""
