# One file for every service; its folder and whether it serves the web app are build arguments:
#
#   docker build -f deploy/service.Dockerfile --build-arg SERVICE=services/expenses .
#   docker build -f deploy/service.Dockerfile --build-arg SERVICE=gateway --build-arg WEB=yes .
#
# An image holds the vocabulary, the chassis, one service and what that service's lock names. No setting, no secret.
ARG SERVICE
ARG WEB=no
# Exact versions; those of the images that are not built here stand in docker-compose.yml.
ARG NODE_IMAGE=node:22.21.1-slim
ARG PYTHON_IMAGE=python:3.13.9-slim-trixie

FROM ${NODE_IMAGE} AS web-yes
WORKDIR /web
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci
COPY frontend ./
RUN npm run build

FROM scratch AS web-no
WORKDIR /web/dist

FROM web-${WEB} AS web

FROM ${PYTHON_IMAGE} AS packages
ARG SERVICE
ENV UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1
COPY deploy/local/tools.lock ./
# The lines of uv alone: its version, and the hashes that its wheel may have.
RUN awk '/^[a-z]/ {wanted = /^uv==/} wanted' tools.lock > uv.lock
RUN --mount=type=cache,target=/root/.cache \
    pip install --quiet --root-user-action=ignore --only-binary :all: --require-hashes -r uv.lock
RUN uv venv --quiet /venv
COPY ${SERVICE}/requirements.lock ./
RUN --mount=type=cache,target=/root/.cache \
    uv pip install --quiet --python /venv/bin/python --require-hashes -r requirements.lock

FROM ${PYTHON_IMAGE}
ARG SERVICE
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 MALLOC_ARENA_MAX=2
WORKDIR /outlay
COPY --from=packages /venv /venv
COPY contracts contracts
COPY chassis chassis
COPY ${SERVICE} ${SERVICE}
RUN python -m compileall -q contracts chassis ${SERVICE}
COPY --from=web /web/dist frontend/dist
COPY docs/openapi.json docs/
COPY --chmod=755 deploy/start.sh /usr/local/bin/start
COPY --chmod=755 deploy/fresh.py /usr/local/bin/fresh
RUN ln -s start /usr/local/bin/outlay
# A name for the user below, for Celery takes a group without one for a sign of superuser rights. Slim images may lack
# groupadd.
RUN echo "outlay:x:10001:" >> /etc/group && echo "outlay:x:10001:10001::/nonexistent:/usr/sbin/nologin" >> /etc/passwd
USER 10001:10001
EXPOSE 8000
# Says which processes there are; `start auth` and its like are the real commands.
CMD ["start"]
