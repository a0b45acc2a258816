"""The names of an article's properties in Chinese and English."""

from archive.publish.messages.message import Messages

PROPERTY_NAMES: Messages = {
    "headline": ("标题", "Headline"),
    "alternative_headline": ("副题", "Subtitle"),
    "kicker": ("引题", "Kicker"),
    "article_section": ("栏目", "Column"),
    "speaker": ("主讲", "Speaker"),
    "standfirst": ("提要", "Standfirst"),
    "authors": ("作者", "Authors"),
    "editors": ("编辑", "Editors"),
    "source_line": ("稿件来源", "Credit"),
    "keywords": ("关键词", "Keywords"),
    "date_published": ("发布时间", "Published"),
    "date_modified": ("修改时间", "Modified"),
    "in_language": ("语言", "Language"),
    "body_text": ("正文", "Body"),
    "headings": ("小标题", "Headings"),
    "biography": ("人物简介", "Biography"),
    "reprint_notice": ("转载说明", "Reprint notice"),
    "related": ("原网页所列相关文章", "Related articles on the page"),
    "media": ("图片与附件", "Pictures and attachments"),
    "metadata": ("文件信息", "Document details"),
    "attachments": ("附件", "Attachments"),
}
