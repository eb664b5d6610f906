"""What bench/speed, bench/streams and bench/start share. Python's standard library only."""
