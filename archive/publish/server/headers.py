"""What every reply carries, whoever made it."""

YEAR_SECONDS = 365 * 24 * 3600

# A page needs nothing but our own stylesheets: no script runs, nothing inline is applied, nothing comes from elsewhere.
STRICT = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
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
# Only where the site is known to be reached by https alone.
HSTS = ("strict-transport-security", f"max-age={YEAR_SECONDS}")
