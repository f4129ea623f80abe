"""Metrics of jobs, words and live streams. Multi-process modes matter only to the worker with its pool."""

from prometheus_client import Counter, Gauge, Histogram

runs = Counter("outlay_insight_runs", "Insight runs ended.", ["outcome"])
run_duration = Histogram(
    "outlay_insight_run_duration_seconds", "Time of a run.", buckets=(0.01, 0.05, 0.1, 0.5, 1, 5, 10, 20, 40, 60)
)
worded = Counter("outlay_insights_worded", "Insights stored.", ["source"])
model_calls = Counter("outlay_model_calls", "Calls to the language model.", ["outcome"])
model_call_duration = Histogram(
    "outlay_model_call_duration_seconds", "Time of a call to the model.", buckets=(0.1, 0.5, 1, 2, 5, 10, 20, 30)
)
model_tokens = Counter("outlay_model_tokens", "Tokens that calls took.", ["direction"])
model_cost = Counter("outlay_model_cost", "What calls cost, in the currency in which the prices are given.")
fallbacks = Counter(
    "outlay_model_fallbacks", "Times that our own words served where a model's were wanted.", ["reason"]
)
verdicts = Counter("outlay_model_verdicts", "Texts of the model that were judged.", ["verdict"])
heartbeat = Gauge(
    "outlay_worker_heartbeat_timestamp_seconds",
    "When the worker last finished a heartbeat task.",
    multiprocess_mode="mostrecent",
)
jobs_due = Gauge("outlay_insight_jobs_due", "Insight jobs that are due and not being worked on.")
jobs_failed = Gauge("outlay_insight_jobs_failed", "Insight jobs given up until something changes.")
live_streams = Gauge("outlay_live_streams", "Open live streams.")
audits = Counter("outlay_audits", "Ledgers held against the book, by what came of it.", ["outcome"])
last_agreed = Gauge("outlay_last_agreed_timestamp_seconds", "When totals were last found equal to the book.")
