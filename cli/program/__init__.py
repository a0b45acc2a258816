"""The program itself: how it starts and ends, what its commands share, and the processes it starts."""
