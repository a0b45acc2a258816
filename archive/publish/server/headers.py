"""The headers of every reply, also of Datasette's own."""

YEAR_SECONDS = 365 * 24 * 3600

# Pages need only our own stylesheets and images: no scripts, no inline styles, nothing from other sites.
STRICT = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "content-security-policy": STRICT,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
# Sent only if the public URL is https.
HSTS = ("strict-transport-security", f"max-age={YEAR_SECONDS}")
