# The same image as `deno task image` makes, for people with Docker:  docker build -t helmwright .
FROM node:22-bookworm AS build
WORKDIR /src
ARG HELMWRIGHT_COMMIT
COPY . .
RUN npx -y deno@2.9.6 task compile \
  && mkdir -p /image/usr/local/bin /image/opt/helm \
  && cp dist/helmwright /image/usr/local/bin/ \
  && ln -s helmwright /image/usr/local/bin/helm-operator \
  && npx -y deno@2.9.6 run --allow-all scripts/image/licenses.ts /image/licenses \
  && chown 65532:0 /image/opt/helm && chmod 775 /image/opt/helm

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /image/ /
ENV HOME=/opt/helm
WORKDIR /opt/helm
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/helm-operator", "run", "--watches-file=./watches.yaml"]
