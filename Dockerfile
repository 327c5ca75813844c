# Liên Thư as a small image that does not run as root. docs/docker.md says how to use it.
ARG PYTHON=3.11

FROM python:${PYTHON}-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
# What changes seldom comes first. Only versions and sums of the lock are let in.
COPY requirements.lock ./
RUN python -m venv /opt/lienthu \
 && /opt/lienthu/bin/pip install --require-hashes --only-binary :all: --requirement requirements.lock
COPY contrib/docker/build.lock ./
RUN pip install --require-hashes --requirement build.lock
COPY pyproject.toml README.md LICENSE ./
COPY lienthu lienthu
COPY harvesters harvesters
COPY indexer indexer
COPY search_api search_api
COPY web web
RUN pip wheel --no-deps --no-build-isolation --wheel-dir /wheels . \
 && /opt/lienthu/bin/pip install --no-deps --no-index /wheels/*.whl \
 && /opt/lienthu/bin/pip check \
 && /opt/lienthu/bin/pip uninstall --yes pip setuptools

FROM python:${PYTHON}-slim
# The base brings an installer of its own.
RUN python -m pip --disable-pip-version-check uninstall --yes --quiet --root-user-action ignore pip setuptools wheel \
 && rm -f /usr/local/bin/pip
# Its library comes uncompiled, and whoever runs here cannot write beside it: every command would compile it anew.
RUN python -m compileall -q "$(python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')"
RUN groupadd --gid 10001 lienthu \
 && useradd --uid 10001 --gid lienthu --no-create-home --home-dir /var/lib/lienthu --shell /usr/sbin/nologin lienthu \
 && install -d -o lienthu -g lienthu -m 0750 /var/lib/lienthu
COPY --from=build /opt/lienthu /opt/lienthu
ENV PATH=/opt/lienthu/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    LIENTHU_HOME=/var/lib/lienthu \
    LIENTHU_PARTNERS=/etc/lienthu/partners.toml \
    LIENTHU_BIND=0.0.0.0:8080
USER lienthu
WORKDIR /var/lib/lienthu
VOLUME /var/lib/lienthu
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
ENTRYPOINT ["lienthu"]
CMD ["serve"]
