"""Other optimizers, and ours, behind one interface (adapter.py), each served by a process of its
own (serve.py)."""
