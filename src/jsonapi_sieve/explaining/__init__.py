"""What a query means and what it becomes, for people who look: the command `explain` and the explorer show it."""
