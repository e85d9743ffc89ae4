"""The race of tools/race: jspy and other profilers on the same programs, and what of it is true."""
