"""Other libraries on tasks that they share with this one, each in a process of its own. They are no dependency."""
