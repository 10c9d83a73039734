# claimwire as one static binary in an empty image.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w -funcalign=8" -o /claimwire ./cmd/claimwire
RUN mkdir /data && chown 65532:65532 /data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /claimwire /claimwire
COPY --from=build --chown=65532:65532 /data /data
USER 65532:65532
VOLUME /data
EXPOSE 8417
ENTRYPOINT ["/claimwire"]
CMD ["run", "--data-dir", "/data", "--listen", "0.0.0.0:8417"]
