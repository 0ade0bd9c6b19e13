# Takes the very steps that `./dev install` takes on any machine, and CI runs those without a container engine.
FROM python:3.11-slim-bookworm AS build
WORKDIR /source
COPY . .
RUN ./dev install /opt/casefold

FROM python:3.11-slim-bookworm
# The number is fixed so that a mounted folder can be given to it: chown 10001 FOLDER
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data casefold \
    && install --directory --owner casefold --group casefold --mode 0700 /data
COPY --from=build /opt/casefold /opt/casefold
ENV PATH=/opt/casefold/bin:$PATH PYTHONUNBUFFERED=1
USER casefold
# What Casefold keeps is in ./casefold-data of the folder that it works in.
WORKDIR /data
HEALTHCHECK --interval=60s --timeout=30s --start-period=30s CMD ["casefold", "doctor"]
ENTRYPOINT ["casefold"]
CMD ["--help"]
