"""What auth counts beyond what every service does."""

from prometheus_client import Counter

sign_ins = Counter("outlay_sign_ins", "Tries to sign in.", ["outcome"])
refreshes = Counter("outlay_refreshes", "Refresh tokens presented, by what came of it.", ["outcome"])
emails = Counter("outlay_letters", "Mails, by what came of them.", ["outcome"])
