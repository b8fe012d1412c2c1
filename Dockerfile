# syntax=docker/dockerfile:1
# Patchbay in a container: `docker build -t ai-backend .`, then `docker run -p 8000:8000 ai-backend`.

FROM node:26-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json ./
COPY packages/llm/package.json packages/llm/
COPY packages/contract/package.json packages/contract/
COPY packages/gateway/package.json packages/gateway/
COPY packages/console/package.json packages/console/
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build
RUN npm run console
# Optional are tools of the build and the runtime that npm brings along: here the image has its own.
RUN npm ci --no-audit --no-fund --omit=dev --omit=optional

FROM node:26-bookworm-slim
WORKDIR /app
COPY --from=build /src/node_modules node_modules
COPY --from=build /src/packages/llm/package.json packages/llm/
COPY --from=build /src/packages/llm/dist packages/llm/dist
COPY --from=build /src/packages/contract/package.json packages/contract/
COPY --from=build /src/packages/contract/dist packages/contract/dist
COPY --from=build /src/packages/gateway/package.json packages/gateway/
COPY --from=build /src/packages/gateway/bin packages/gateway/bin
COPY --from=build /src/packages/gateway/assets packages/gateway/assets
COPY --from=build /src/packages/gateway/dist packages/gateway/dist
COPY --from=build /src/package.json /src/LICENSE /src/.env.example ./
# Volumes that are mounted here belong to 1000:1000, too.
RUN mkdir -p data static /tmp/ai-backend && chown 1000:1000 data static /tmp/ai-backend
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8000 DATA_DIR=/app/data STATIC_DIR=/app/static
# Freed pieces of large bodies go back to the system; see scripts/run.mjs.
ENV MALLOC_MMAP_THRESHOLD_=16384 MALLOC_TRIM_THRESHOLD_=131072 MALLOC_ARENA_MAX=2
USER 1000:1000
EXPOSE 8000
VOLUME ["/app/data"]
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
CMD ["node", "packages/gateway/bin/patchbay.mjs", "serve"]
