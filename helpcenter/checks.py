"""System checks: mistakes of an operator that would cost readers something."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

NETWORK_FILE_SYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "glusterfs", "ceph"}


@register(Tags.files)
def search_index_is_local(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The index belongs to one node; on a shared folder two nodes would write over one another."""
    kind = _file_system(Path(settings.SEARCH_INDEX_PATH))
    if kind not in NETWORK_FILE_SYSTEMS:
        return []
    return [
        Error(
            f"SEARCH_INDEX_PATH lies on a shared file system ({kind}).",
            hint="Give every node a folder of its own; `manage.py follow_index` fills it.",
            id="helpcenter.E001",
        )
    ]


def _file_system(path: Path) -> str:
    """Type of the file system that holds a path (Linux), or an empty string."""
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return ""
    best = ("", "")
    for row in mounts.read_text().splitlines():
        _, point, kind, *_ = row.split(" ")
        inside = os.path.commonpath([point, path.absolute()]) == point
        if inside and len(point) >= len(best[0]):
            best = (point, kind)
    return best[1]
