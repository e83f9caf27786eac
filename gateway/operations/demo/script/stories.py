"""The stories of the script, in the order in which they are told."""

from __future__ import annotations

from gateway.operations.demo.script import by_letter, by_mail, by_phone, by_wechat, out_of_line
from gateway.operations.demo.script.play import Story

STORIES = (
    Story(title="微信：零碎地说，只问缺的 · WeChat, in fragments", tell=by_wechat.in_fragments),
    Story(title="微信：工作人员办理，客户得知 · WeChat, staff and pushes", tell=by_wechat.staff_moves_it),
    Story(
        title="邮件：缺什么列清单，同一往来中受理 · mail, a list, then accepted in thread", tell=by_mail.a_list_first
    ),
    Story(title="电话：一次说完，编号短信送达 · telephone, told whole", tell=by_phone.told_whole),
    Story(title="电话：说到一半断线，下次接着说 · telephone, a dropped call", tell=by_phone.broken_off),
    Story(title="电话：短信发不到的号码 · telephone, a number out of reach", tell=by_phone.out_of_reach),
    Story(title="电话：找人，没人接，留言 · telephone, a message on tape", tell=by_phone.left_a_message),
    Story(
        title="来信：缺什么随信附回执，寄回后受理 · a letter, a slip, and its return",
        tell=by_letter.a_slip_comes_back,
        seconds=by_letter.SECONDS,
    ),
    Story(
        title="来信：认不准的由人核对，再寄回执 · a letter that a person must look at",
        tell=by_letter.staff_look_at_it,
        seconds=by_letter.SECONDS,
    ),
    Story(title="回信被退回 · a letter of ours comes back", tell=by_letter.ours_comes_back),
    Story(title="陌生人什么也打听不到 · a stranger learns nothing", tell=out_of_line.a_stranger),
    Story(title="紧急情况找人 · danger pages a person", tell=out_of_line.danger),
    Story(title="没有回音：提醒，再提醒，转人工 · silence", tell=out_of_line.silence),
)
