"""Every kind of long work, by the word that stands in a job's row."""

from __future__ import annotations

from accounts import jobs as of_accounts
from judging import jobs as of_judging
from proposals import jobs as of_proposals

KINDS = {**of_accounts.JOBS, **of_proposals.JOBS, **of_judging.JOBS}
