"""WeChat's far side, on loopback: its platform and its people, as awkward as the real ones.

For tests and the demo. It seals and signs with wechatpy's own classes, so that another hand checks our envelopes.
"""

from channels.wechat.simulator.faults import Fault
from channels.wechat.simulator.people import Line, Person
from channels.wechat.simulator.pusher import Pushed
from channels.wechat.simulator.world import WeChatSimulator

__all__ = ["Fault", "Line", "Person", "Pushed", "WeChatSimulator"]
