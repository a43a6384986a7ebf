/**
 * What a server must send with the page. Scripts and styles come from where the page comes from, answers from there and
 * from the API, and from nowhere else; nobody may put the page in a frame. `api` is the API's origin where it is another.
 */
export function pageHeaders(api = ""): Readonly<Record<string, string>> {
  const connect = api === "" ? "'self'" : `'self' ${new URL(api).origin}`;
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src ${connect}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    "content-security-policy": policy.join("; "),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
  };
}
