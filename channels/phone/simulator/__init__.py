"""Twilio's far side, on loopback: it executes our documents, calls our webhooks, and answers as its interface does.

For tests and the demo. It signs with Twilio's own class, so that another hand checks our verification.
"""

from channels.phone.simulator.agent import AgentLeg
from channels.phone.simulator.call import Call, NotListening
from channels.phone.simulator.faults import Fault
from channels.phone.simulator.habits import Habits
from channels.phone.simulator.placed import PlacedCall
from channels.phone.simulator.values import CallError, Line, Requested, Sms, Wait
from channels.phone.simulator.world import PhoneSimulator

__all__ = [
    "AgentLeg",
    "Call",
    "CallError",
    "Fault",
    "Habits",
    "Line",
    "NotListening",
    "PhoneSimulator",
    "PlacedCall",
    "Requested",
    "Sms",
    "Wait",
]
