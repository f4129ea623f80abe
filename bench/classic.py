"""The summary in the classic design: Flask, SQLAlchemy, a JWT, and a Redis cache of results.

The answer is the sum over all rows of its owner. It is kept for five minutes and thrown away on every write.
"""

import os
from typing import Any

import jwt
import redis
import sqlalchemy as sa
from flask import Flask, Response, abort, jsonify, request
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

KEPT = 300
"""Seconds."""


class Base(DeclarativeBase):
    pass


class ClassicExpense(Base):
    __tablename__ = "expenses"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(index=True)
    category: Mapped[str]
    minor: Mapped[int]


def token(owner: str, secret: str) -> str:
    """As its sign-in would give it out."""
    return jwt.encode({"sub": owner}, secret, algorithm="HS256")


def create() -> Flask:
    """Creates the app, configured by the environment: DATABASE_URL, REDIS_URL, SECRET."""
    app, secret = Flask(__name__), os.environ["SECRET"]
    engine = sa.create_engine(os.environ["DATABASE_URL"])
    cache = redis.Redis.from_url(os.environ["REDIS_URL"])
    Base.metadata.create_all(engine)

    def owner() -> str:
        sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            return str(jwt.decode(sent, secret, algorithms=["HS256"])["sub"])
        except jwt.PyJWTError:
            abort(401)

    @app.get("/summary")
    def summary() -> Response:
        key = f"summary:{(who := owner())}"
        cached: Any = cache.get(key)
        if cached is not None:
            return Response(cached, mimetype="application/json")
        with Session(engine) as session:
            answer = jsonify(_add_up(session, who))
        cache.setex(key, KEPT, answer.get_data())
        return answer

    @app.post("/expenses")
    def record() -> Response:
        who, sent = owner(), request.get_json()
        with Session(engine) as session, session.begin():
            session.add_all(ClassicExpense(owner=who, category=one["category"], minor=one["minor"]) for one in sent)
        cache.delete(f"summary:{who}")
        return Response(status=201)

    @app.get("/readyz")
    def ready() -> Response:
        return Response(status=200)

    return app


def _add_up(session: Session, owner: str) -> dict[str, Any]:
    columns = ClassicExpense.category, sa.func.sum(ClassicExpense.minor), sa.func.count()
    rows = session.execute(
        sa.select(*columns).where(ClassicExpense.owner == owner).group_by(ClassicExpense.category)
    ).all()
    categories = [{"category": name, "total": f"{total / 100:.2f}", "count": count} for name, total, count in rows]
    return {
        "total": f"{sum(row[1] for row in rows) / 100:.2f}",
        "count": sum(row[2] for row in rows),
        "categories": sorted(categories, key=lambda category: str(category["category"])),
    }
