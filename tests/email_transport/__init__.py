"""Tests of how mail gets in and out; how it is read is tested elsewhere."""
