"""The page 「上传」 of the CMS: files are dropped in, and what was begun before goes on."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Collection

from archive.models import UploadBatch
from media_assets.file_errors import FileError
from media_assets.filetypes import FileKind, extensions
from media_assets.models import Upload
from media_assets.storage_errors import StorageUnavailableError
from media_assets.uploading import protocol
from media_assets.uploading.acceptance import take_in
from media_assets.uploading.form_fields import ManyFilesField
from media_assets.uploading.rights import collections_for_any
from media_assets.uploading.views import addresses

BATCHES_SHOWN = 30
UNFINISHED_SHOWN = 500


def may_upload(user) -> bool:
    return user.has_perm("wagtailadmin.access_admin") and collections_for_any(user).exists()


class UploadsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_upload(request.user)


def menu_item() -> MenuItem:
    return UploadsMenuItem(
        gettext_lazy("上传"), reverse("archive_uploads"), name="uploads", icon_name="upload", order=440
    )


class ForUploaders(WagtailAdminTemplateMixin):
    header_icon = "upload"

    def dispatch(self, request, *args, **kwargs):
        if not may_upload(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class UploadForm(forms.Form):
    collection = forms.ModelChoiceField(Collection.objects.none(), label=gettext_lazy("存入文件夹"), empty_label=None)
    files = ManyFilesField(label=gettext_lazy("文件"), max_length=1000)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["collection"].queryset = collections_for_any(user)
        accepted = ",".join(f".{extension}" for extension in extensions(*FileKind))
        self.fields["files"].widget.attrs |= {"accept": accepted, "class": "archive-drop", "data-upload-files": ""}


class UploadsPage(ForUploaders, TemplateView):
    page_title = gettext_lazy("上传")
    template_name = "archive/editing/uploads.html"

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    @cached_property
    def unfinished(self) -> list[Upload]:
        mine = Upload.objects.filter(owner=self.request.user).under_way()
        protocol.settle(mine)
        return list(mine.order_by("-pk")[:UNFINISHED_SHOWN])

    @cached_property
    def going_on(self) -> UploadBatch | None:
        """The batch to which files belong that are chosen again: the latest with anything unfinished."""
        keys = {upload.group for upload in self.unfinished if upload.group}
        return UploadBatch.objects.filter(owner=self.request.user, key__in=keys).first()

    def get_context_data(self, **kwargs):
        batches = UploadBatch.objects.filter(owner=self.request.user).select_related("collection", "album")
        counted = batches.annotate(count=Count("rows"), made=Count("rows", filter=~Q(rows__page=None)))
        initial = {"collection": self.going_on.collection_id} if self.going_on else {}
        return super().get_context_data(**kwargs) | {
            "form": kwargs.get("form") or UploadForm(user=self.request.user, initial=initial),
            "batches": counted[:BATCHES_SHOWN],
            "unfinished": self.unfinished,
            "addresses": addresses() | {"batch": reverse("archive_upload_new")},
            "going_on": self.going_on,
            "going_on_address": reverse("archive_upload_batch", args=[self.going_on.pk]) if self.going_on else "",
            "words": page_words(),
        }

    def post(self, request: HttpRequest) -> HttpResponse:
        """The way without JavaScript: every file comes whole with the form, and is examined at once."""
        form = UploadForm(request.POST, request.FILES, user=request.user)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        batch = UploadBatch.objects.create(owner=request.user, collection=form.cleaned_data["collection"])
        for file in form.cleaned_data["files"]:
            try:
                take_in(request.user, batch.collection, file, batch.key)
            except (FileError, StorageUnavailableError) as error:
                messages.error(request, _("“%(name)s”：%(reason)s") % {"name": file.name, "reason": error.reason})
        if not batch.rows.exists():
            batch.delete()
            return redirect("archive_uploads")
        return redirect("archive_upload_batch", batch.pk)


def page_words() -> dict[str, str]:
    """What the page's script says."""
    return {
        "waiting": _("等待"),
        "sending": _("上传中"),
        "retrying": _("网络不通，稍后自动再试"),
        "examining": _("已传完，检查中"),
        "accepted": _("已入库"),
        "refused": _("不能收入"),
        "cancelled": _("已取消"),
        "failed": _("未成"),
        "resumed": _("续传"),
        "pause": _("暂停"),
        "resume": _("继续"),
        "cancel": _("取消"),
        "retry": _("重试"),
        "total": _("共 {count} 件，已完成 {done} 件，未成 {failed} 件；{sent} / {size}"),
        "finished": _("全部处理完毕。"),
        "unreadable": _("文件在选定之后改动过或已移走，请重新选择。"),
        "shut": _("登录已失效，或没有权限。请重新登录，再选同样的文件。"),
    }


@require_POST
def new_batch(request: HttpRequest) -> JsonResponse:
    """A batch for the files that are about to be sent: its key for the protocol, and where its table is."""
    if not may_upload(request.user):
        raise PermissionDenied
    allowed = collections_for_any(request.user)
    key = request.POST.get("collection", "")
    collection = allowed.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 10 else None
    if collection is None:
        return JsonResponse({"reason": _("请选择一个您可以添加文件的文件夹。")}, status=400)
    batch = UploadBatch.objects.create(owner=request.user, collection=collection)
    return JsonResponse({"key": batch.key, "url": reverse("archive_upload_batch", args=[batch.pk])})
