# Small and without root. The lock names no index: pip uses the one it is configured with.
FROM python:3.13-slim AS build
WORKDIR /app
COPY requirements.lock pyproject.toml README.md ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY registry registry
COPY workers workers
COPY cli cli
COPY alembic alembic
RUN /venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation -e .

FROM python:3.13-slim
RUN useradd --system --create-home --uid 10001 mps
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER mps
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 MPLCONFIGDIR=/tmp/matplotlib
CMD ["mps", "doctor"]
