"""Fuzzing: everything that reads what strangers wrote, fed with bytes that nobody would write.

A *surface* is a function of bytes that reads them as `scan` would and asserts what must hold whatever they are.
Hypothesis calls it in the tests (`tests/abuse/test_surfaces.py`), libFuzzer by atheris in `make fuzz`, which is guided
by what the bytes reach and so finds more, and takes minutes.
"""
