"""Emergency plans: who is called for which kind of urgent complaint, what must be done by when, and who hears of it.

令2020年第3号 Art 29 (emergency plans for major complaints); complaint-rules 3.1 and 3.2.
"""
