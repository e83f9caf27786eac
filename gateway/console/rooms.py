"""All rooms of the console: the one place that names them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from channels.base import Channel, Inbox
from gateway.console.admin import AdminRoom
from gateway.console.audit import AuditRoom
from gateway.console.balance import BalanceRoom
from gateway.console.channels import ChannelsRoom
from gateway.console.counter import CounterRoom
from gateway.console.door import Door
from gateway.console.door_sso import SsoDoor
from gateway.console.doubts.room import DoubtsRoom
from gateway.console.emergency import EmergencyRoom
from gateway.console.endpoints import EndpointsRoom
from gateway.console.exports import ExportRoom
from gateway.console.kit import Kit, Room
from gateway.console.letters import LettersRoom
from gateway.console.live import LiveRoom
from gateway.console.me import Me
from gateway.console.overview import OverviewRoom
from gateway.console.people import PeopleRoom
from gateway.console.queue.room import QueueRoom
from gateway.console.tasks import TasksRoom
from gateway.console.texts import TextsRoom
from gateway.console.ticket.room import TicketRoom
from gateway.events.keeping import Endpoints
from gateway.operations.balance.round import BalanceRound
from gateway.reports.overview import Overviews
from gateway.staff.quarantine import Replay
from gateway.staff.signin.reception import Reception
from gateway.supervisor import Supervisor
from gateway.turns import Turns


@dataclass(frozen=True, kw_only=True, slots=True)
class Around:
    """What rooms need besides the house."""

    inbox: Inbox
    replay: Replay
    reception: Reception
    endpoints: Endpoints
    channels: Mapping[str, Channel]
    off: Mapping[str, str]  # channels that are off, and why
    supervisor: Supervisor
    turns: Turns
    overviews: Overviews
    balance: BalanceRound


def rooms_of(kit: Kit, around: Around) -> tuple[Room, ...]:
    desk, submit = around.reception, around.inbox.submit
    return (
        Door(kit, desk),
        SsoDoor(kit, desk),
        Me(kit, desk),
        QueueRoom(kit),
        LiveRoom(kit),
        TicketRoom(kit, submit),
        TasksRoom(kit),
        DoubtsRoom(kit, around.replay),
        CounterRoom(kit, submit),
        LettersRoom(kit),
        EmergencyRoom(kit),
        OverviewRoom(kit, around.overviews),
        ExportRoom(kit),
        AuditRoom(kit),
        AdminRoom(kit),
        PeopleRoom(kit, desk),
        TextsRoom(kit),
        ChannelsRoom(kit, around.channels, around.off, around.supervisor, around.turns),
        EndpointsRoom(kit, around.endpoints),
        BalanceRoom(kit, around.balance),
    )
