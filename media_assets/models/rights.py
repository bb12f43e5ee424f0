"""Rights statements an editor can choose, each one with the address that machines know it by."""

from django.db import models
from django.utils.translation import gettext_lazy as _

_RIGHTS_STATEMENTS = "http://rightsstatements.org/vocab/"
_CREATIVE_COMMONS = "https://creativecommons.org/"


class RightsStatement(models.TextChoices):
    """A short selection from RightsStatements.org 1.0 and Creative Commons 4.0."""

    NOT_EVALUATED = "cne", _("版权状况未评估")
    UNDETERMINED = "und", _("版权状况无法确定")
    IN_COPYRIGHT = "inc", _("受版权保护")
    ORPHAN = "inc-ruu", _("受版权保护，权利人无法联系")
    EDUCATIONAL = "inc-edu", _("受版权保护，允许教育使用")
    PUBLIC_DOMAIN = "pdm", _("公有领域")
    CC0 = "cc0", _("CC0，放弃权利")
    CC_BY = "cc-by", _("CC BY，署名")
    CC_BY_SA = "cc-by-sa", _("CC BY-SA，署名—相同方式共享")
    CC_BY_ND = "cc-by-nd", _("CC BY-ND，署名—禁止演绎")
    CC_BY_NC = "cc-by-nc", _("CC BY-NC，署名—非商业使用")
    CC_BY_NC_SA = "cc-by-nc-sa", _("CC BY-NC-SA，署名—非商业使用—相同方式共享")
    CC_BY_NC_ND = "cc-by-nc-nd", _("CC BY-NC-ND，署名—非商业使用—禁止演绎")

    @property
    def uri(self) -> str:
        """The statement's own address, as IIIF `rights`, OAI-PMH and linked data want it."""
        if self.value == "pdm":
            return f"{_CREATIVE_COMMONS}publicdomain/mark/1.0/"
        if self.value == "cc0":
            return f"{_CREATIVE_COMMONS}publicdomain/zero/1.0/"
        if self.value.startswith("cc-"):
            return f"{_CREATIVE_COMMONS}licenses/{self.value.removeprefix('cc-')}/4.0/"
        code = {"cne": "CNE", "und": "UND", "inc": "InC", "inc-ruu": "InC-RUU", "inc-edu": "InC-EDU"}[self.value]
        return f"{_RIGHTS_STATEMENTS}{code}/1.0/"
