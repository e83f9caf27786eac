"""The stories of the script, in the order in which they are told."""

from __future__ import annotations

from gateway.operations.demo.script import by_mail, by_wechat, out_of_line
from gateway.operations.demo.script.play import Story

STORIES = (
    Story(title="微信：零碎地说，只问缺的 · WeChat, in fragments", tell=by_wechat.in_fragments),
    Story(title="微信：工作人员办理，客户得知 · WeChat, staff and pushes", tell=by_wechat.staff_moves_it),
    Story(
        title="邮件：缺什么列清单，同一往来中受理 · mail, a list, then accepted in thread", tell=by_mail.a_list_first
    ),
    Story(title="陌生人什么也打听不到 · a stranger learns nothing", tell=out_of_line.a_stranger),
    Story(title="紧急情况找人 · danger pages a person", tell=out_of_line.danger),
    Story(title="没有回音：提醒，再提醒，转人工 · silence", tell=out_of_line.silence),
)
