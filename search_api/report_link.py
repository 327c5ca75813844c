"""The signed link by which a partner reads its report without an account.

The signature is an HMAC of the partner's id under a secret of this installation, kept in the home folder and made at
first use. Whoever has the link can read that one report and nothing else. Deleting the file ends all links.
"""

import hmac
import os
import secrets
from base64 import urlsafe_b64encode
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from lienthu.errors import SettingsError
from lienthu.i18n import mark
from lienthu.secret import Secret

KEY_FILE = "report.key"
KEY_BYTES = 32
_PURPOSE = b"lienthu partner report\x00"


def read_report_key(home: Path) -> Secret | None:
    """The secret, or None where none was made yet. Raises SettingsError for a file that holds none."""
    path = home / KEY_FILE
    try:
        written = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(mark("{path} cannot be read: {reason}."), path=path, reason=error) from error
    if len(written) < KEY_BYTES * 2:
        raise SettingsError(
            mark("{path} is too short to be a secret. Delete it: a new one is made, and old links end."), path=path
        )
    return Secret(written)


def make_report_key(home: Path) -> Secret:
    """The secret; a new one where there is none. Two processes that make one at once agree on the first."""
    known = read_report_key(home)
    if known is not None:
        return known
    home.mkdir(parents=True, exist_ok=True)
    draft = home / f"{KEY_FILE}.{secrets.token_hex(8)}"
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_hex(KEY_BYTES) + "\n")
        with suppress(FileExistsError):
            os.link(draft, home / KEY_FILE)
    finally:
        draft.unlink(missing_ok=True)
    return read_report_key(home) or make_report_key(home)


def sign_report(key: Secret, partner_id: str) -> str:
    """43 characters that may stand in an address."""
    digest = hmac.digest(key.reveal().encode(), _PURPOSE + partner_id.encode(), "sha256")
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def is_signed(key: Secret, partner_id: str, signature: str) -> bool:
    """Takes the same time whatever the signature."""
    return hmac.compare_digest(sign_report(key, partner_id).encode(), signature.encode("utf-8", "replace"))


def build_report_path(key: Secret, partner_id: str) -> str:
    """The path and query of the partner's report, below the root path."""
    return f"/partners/{quote(partner_id, safe='')}/report?key={sign_report(key, partner_id)}"
