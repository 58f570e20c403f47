"""What the rules of triage say to an agent, in the agent's language: for those that ship. What staff have written or
changed is shown as it is."""

from collections.abc import Collection

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

# Names of the rules of urgency in fixtures/desk/triage.yaml, and what they advise.
SHIPPED: Collection[str] = frozenset(
    {
        _("Somebody else in the account, or a withdrawal that is not theirs"),
        _("Signs of somebody else in the account, told in passing"),
        _("Freeze withdrawals, end all sessions, revoke the API keys; only then ask what happened."),
        _("Report of a site, mail or call that pretends to be us"),
        _("A site, letter or message that pretends to be us, told in other words"),
        _("Ask for the address or a screenshot; never open the link. Warn others when it is new."),
        _("Cannot sign in while a position is open"),
        _("Help them in first. Say that positions stay in place and can be liquidated meanwhile."),
        _("Margin call, or liquidation going on"),
        _("Check the margin ratio now; say how margin is added or the position made smaller."),
        _("A withdrawal to a wrong address or network that can still be stopped"),
        _("Stop the withdrawal first if it has not left yet; then ask for the right address."),
        _("A deposit or withdrawal is missing"),
        _("Look for the transaction on the chain by its ID before you ask for anything else."),
        _("Missing for more than a day"),
        _("A large amount is missing"),
        _("Lawyer, court, police or regulator"),
        _("Promise nothing. Compliance answers; the front line confirms receipt only."),
        _("Asks how something is done"),
    }
)


def said(words: str) -> str:
    """A rule's name or advice for the reader."""
    return gettext(words) if words in SHIPPED else words
