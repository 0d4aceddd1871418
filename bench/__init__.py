"""What `scan` costs, beside the least that the same work can cost, measured in one run on one machine.

`make bench` prints it. Only the ratios mean something elsewhere. Everything is made in `.work/bench`.
"""
