# The portal's image: one image for web, worker, scheduler and one-off commands.
FROM debian:12-slim AS base
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PATH=/srv/portal/.venv/bin:$PATH \
    DATA_DIR=/srv/data STATIC_ROOT=/srv/portal/staticfiles
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates python3 python3-venv \
    libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /srv/portal --shell /usr/sbin/nologin portal \
 && install -d -o portal -g portal /srv/portal /srv/data
WORKDIR /srv/portal
COPY requirements.lock ./
RUN python3 -m venv .venv && pip install --no-cache-dir --require-hashes -r requirements.lock
COPY manage.py pyproject.toml ./
COPY portal portal
COPY commitments commitments
COPY assessments assessments
COPY reporting reporting
COPY templates templates
COPY static static
COPY fixtures fixtures
RUN SECRET_KEY=only-while-building-the-image python manage.py collect
USER portal
VOLUME /srv/data
EXPOSE 8000
CMD ["gunicorn", "portal.wsgi", "--bind", "0.0.0.0:8000", "--workers", "3", "--preload", \
     "--max-requests", "5000", "--max-requests-jitter", "500", "--graceful-timeout", "30", \
     "--worker-tmp-dir", "/dev/shm", "--access-logfile", "-"]
