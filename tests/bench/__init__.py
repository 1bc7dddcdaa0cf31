"""What `scripts/bench` runs, and what tests share with it."""
