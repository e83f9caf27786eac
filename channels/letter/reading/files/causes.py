"""Why a file cannot be opened: a code for the machine, plain words for staff."""

from __future__ import annotations

ENCRYPTED = "encrypted"
CORRUPT = "corrupt"
CUT_SHORT = "cut_short"
BOMB = "bomb"
WRONG_TYPE = "wrong_type"
EMPTY = "empty"
TOO_MANY_PAGES = "too_many_pages"
TOO_MANY_PAPERS = "too_many_papers"
TOO_LARGE = "too_large"
NO_PAGES = "no_pages"

_WORDS = {
    ENCRYPTED: {
        "zh": "文件设有打开密码，系统无法读取，请索取无密码的文件或纸质原件。",
        "en": "The file is locked with a password; ask for one without, or for the paper.",
    },
    CORRUPT: {
        "zh": "文件已损坏，无法打开，请重新扫描。",
        "en": "The file is damaged and cannot be opened; scan it again.",
    },
    CUT_SHORT: {
        "zh": "文件不完整，结尾部分缺失，可能仍在传输或扫描中断，请重新扫描。",
        "en": "The end of the file is missing: it is still being written, or the scan was broken off; scan it again.",
    },
    BOMB: {
        "zh": "页面尺寸异常巨大，为安全起见未打开，请按普通纸张大小重新扫描。",
        "en": "A page is far too large to be paper and was left closed for safety; scan it again at its real size.",
    },
    WRONG_TYPE: {
        "zh": "文件类型不能作为信件读取，请提供 PDF、TIFF、JPEG、PNG 或 HEIC。",
        "en": "This type of file cannot be read as a letter; PDF, TIFF, JPEG, PNG and HEIC can.",
    },
    EMPTY: {"zh": "文件是空的，请重新扫描。", "en": "There is nothing in the file; scan it again."},
    TOO_MANY_PAGES: {
        "zh": "文件页数过多，请分成几份提交。",
        "en": "The file has too many pages; hand it in as several.",
    },
    TOO_MANY_PAPERS: {
        "zh": "一次提交的文件过多，请分几次提交。",
        "en": "Too many files were handed in as one letter; hand them in as several.",
    },
    TOO_LARGE: {
        "zh": "文件太大，请降低分辨率重新扫描或分成几份提交。",
        "en": "The file is too large; scan it at a lower resolution or hand it in as several.",
    },
    NO_PAGES: {"zh": "文件中没有任何页面，请重新扫描。", "en": "The file has no pages; scan it again."},
}

# What a file of the wrong type is, by the part of its cause after the colon.
_KINDS = {
    "word": {"zh": "Word 文档", "en": "a Word document"},
    "excel": {"zh": "Excel 表格", "en": "an Excel workbook"},
    "powerpoint": {"zh": "PowerPoint 演示文稿", "en": "a PowerPoint presentation"},
    "office": {"zh": "Office 文档", "en": "an Office document"},
    "opendocument": {"zh": "OpenDocument 文档", "en": "an OpenDocument file"},
    "ofd": {"zh": "OFD 版式文件", "en": "an OFD document"},
    "zip": {"zh": "ZIP 压缩包", "en": "a ZIP archive"},
    "archive": {"zh": "压缩包", "en": "an archive"},
    "email": {"zh": "电子邮件", "en": "an e-mail"},
    "html": {"zh": "网页", "en": "a web page"},
    "text": {"zh": "纯文本", "en": "plain text"},
    "postscript": {"zh": "PostScript 打印文件", "en": "a PostScript file"},
    "picture": {"zh": "其他格式的图片", "en": "a picture of another kind"},
    "recording": {"zh": "音频或视频", "en": "a recording"},
    "executable": {"zh": "程序或脚本", "en": "a program"},
    "bundle": {"zh": "信件合集中的合集", "en": "a bundle within a bundle"},
    "unknown": {"zh": "未知类型的文件", "en": "a file of unknown type"},
}
_THIS_IS = {"zh": "这是{kind}。{words}", "en": "It is {kind}. {words}"}

CAUSES = frozenset(_WORDS)
KINDS = frozenset(_KINDS)


class Unopened(Exception):
    """A file that cannot be read. ``cause`` is a code of this table; a wrong type says which: ``wrong_type:word``."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


def wrong_type(kind: str) -> Unopened:
    return Unopened(f"{WRONG_TYPE}:{kind}")


def told(cause: str, language: str) -> str:
    """The cause in words for staff: Chinese for any ``zh…``, else English; an unknown cause is told as damaged."""
    tongue = "zh" if language.lower().startswith("zh") else "en"
    code, _, kind = cause.partition(":")
    words = _WORDS.get(code, _WORDS[CORRUPT])[tongue]
    return _THIS_IS[tongue].format(kind=_KINDS[kind][tongue], words=words) if kind in _KINDS else words
