"""The smallest thing that FastAPI can do, with its telemetry off as in our services: what an answer costs at least."""

from fastapi import FastAPI

from chassis.http.app import NO_TELEMETRY

app = FastAPI(telemetry=NO_TELEMETRY)


@app.get("/")
async def hello() -> dict[str, str]:
    return {"message": "hello"}
