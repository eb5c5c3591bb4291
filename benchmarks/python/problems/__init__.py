"""Problems that are written in Python: real programs and data, and what other packages define."""
