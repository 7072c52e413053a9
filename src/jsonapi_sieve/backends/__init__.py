"""What makes a predicate or an order run: one module for each way of holding rows."""
