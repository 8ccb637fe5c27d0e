import { Parser } from 'htmlparser2'
import { describe, expect, it } from 'vitest'
import { MAX_SHOWN_HTML, safeHtml } from '../../../src/message/html/safe-html.ts'

const safe = (html: string) => safeHtml(html, {}).html

/** Every trick is followed by words of the author, which stay unless the trick swallows them in browsers too. */
const TRICKS = [
  '<script>alert(1)</script>',
  '<ScRiPt src=//evil.example/x.js></sCrIpT>',
  '<script/x>alert(1)</script>',
  '<<script>alert(1)//<</script>',
  '<scr<script>ipt>alert(1)</scr</script>ipt>',
  '<img src=x onerror=alert(1)>',
  '<img src="x" ONERROR = "alert(1)">',
  '<img/src=x/onerror=alert(1)>',
  '<img src=`x`onerror=alert(1)>',
  '<img src="javascript:alert(1)">',
  '<img src="data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+">',
  '<img src="data:text/html,<script>alert(1)</script>">',
  '<img srcset="http://evil.example/a 1x" sizes="1px">',
  '<a href="javascript:alert(1)">a</a>',
  '<a href=" &#14; javascript:alert(1)">a</a>',
  '<a href="jav&#x09;ascript:alert(1)">a</a>',
  '<a href="JaVaScRiPt&colon;alert(1)">a</a>',
  '<a href="vbscript:msgbox(1)">a</a>',
  '<a href="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">a</a>',
  '<a href="//evil.example">a</a>',
  '<a href="/cases/1/delete">a</a>',
  '<a href="https://x.example" onclick="alert(1)" target=_top>a</a>',
  '<a href="https://x.example" ping="https://evil.example">a</a>',
  '<svg onload=alert(1)>',
  '<svg><script>alert(1)</script></svg>',
  '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
  '<svg><animate onbegin=alert(1) attributeName=x></svg>',
  '<svg><style><img src=x onerror=alert(1)></style></svg>',
  '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>',
  '<math href="javascript:alert(1)">x</math>',
  '<iframe src="javascript:alert(1)"></iframe>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<object data="javascript:alert(1)"></object>',
  '<embed src="javascript:alert(1)">',
  '<applet code=evil></applet>',
  '<base href="https://evil.example/">',
  '<meta http-equiv="refresh" content="0;url=https://evil.example">',
  '<link rel=stylesheet href="https://evil.example/x.css">',
  '<style>@import "https://evil.example/x.css"; body{background:url(https://evil.example)}</style>',
  '<div style="background:url(https://evil.example/x)">a</div>',
  '<div style="background:u\\72l(https://evil.example/x)">a</div>',
  '<div style="background-image:image-set(\'https://evil.example/x\' 1x)">a</div>',
  '<div style="width:expression(alert(1))">a</div>',
  '<div style="-moz-binding:url(https://evil.example#x)">a</div>',
  '<div style="behavior:url(x.htc)">a</div>',
  '<div style="position:fixed;top:0;left:0;z-index:9999;width:100000px">a</div>',
  '<div style="margin-left:-9999px;transform:scale(99);float:left">a</div>',
  '<div style="color:red;} body {display:none">a</div>',
  '<div style="color:/*">a</div>',
  '<div style="font-family:\'x\';}</style><script>alert(1)</script>">a</div>',
  '<body onload=alert(1) background="https://evil.example/x">',
  '<table background="https://evil.example/x"><tr><td background="//evil.example/y">a</td></tr></table>',
  '<form action="https://evil.example"><input name=password autofocus onfocus=alert(1)><button formaction="javascript:alert(1)">a</button></form>',
  '<textarea><script>alert(1)</script></textarea>',
  '<select><option><script>alert(1)</script></select>',
  '<video src=x onerror=alert(1)></video>',
  '<video><source onerror="alert(1)"></video>',
  '<audio src="https://evil.example/x" autoplay></audio>',
  '<details open ontoggle=alert(1)>a</details>',
  '<marquee onstart=alert(1)>a</marquee>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<title><img src=x onerror=alert(1)></title>',
  '<template><script>alert(1)</script></template>',
  '<xmp><img src=x onerror=alert(1)></xmp>',
  '<noembed><img src=x onerror=alert(1)></noembed>',
  '<!--><img src=x onerror=alert(1)>-->',
  '<!--[if gte IE 4]><script>alert(1)</script><![endif]-->',
  '<![CDATA[<img src=x onerror=alert(1)>]]>',
  '<?xml-stylesheet href="javascript:alert(1)"?>',
  '<p title="&lt;script&gt;" title=\'"><script>alert(1)</script>\'>a</p>',
  '<p id=cookie name=cookie class="page-header">a</p>',
  '<isindex type=image src=1 onerror=alert(1)>',
  '<keygen autofocus onfocus=alert(1)>',
  '<dialog open>a</dialog>',
  '<portal src="https://evil.example">',
  '<a href="https://x.example/&quot;onmouseover=&quot;alert(1)">a</a>',
  '<im\u0000g src=x onerror=alert(1)>',
]

const ELEMENT_THAT_ACTS =
  /^(?:script|style|iframe|frame|object|embed|applet|base|meta|link|svg|math|form|input|button|textarea|select|video|audio|source|template|noscript|body|html|portal|dialog)$/
const STYLE_THAT_ACTS =
  /url|expression|import|position|z-index|behaviou?r|binding|transform|float|-\d|\\|\/\*|[<>{}]|\d{4}/i

/** What a browser would act on, read back out of the result. */
function actsOf(html: string): string[] {
  const acts: string[] = []
  const parser = new Parser({
    onopentag: (name, attributes) => {
      if (ELEMENT_THAT_ACTS.test(name)) acts.push(`<${name}>`)
      for (const [attribute, value] of Object.entries(attributes)) {
        if (/^(?:on|form|srcset|srcdoc|background|ping|id$|class$|name$|xlink)/.test(attribute)) acts.push(attribute)
        if (attribute === 'src') acts.push(`src=${value}`)
        if (attribute === 'href' && !/^(?:https?:\/\/|mailto:)/.test(value)) acts.push(`href=${value}`)
        if (attribute === 'target' && value !== '_blank') acts.push(`target=${value}`)
        if (attribute === 'style' && STYLE_THAT_ACTS.test(value)) acts.push(`style=${value}`)
      }
    },
    oncomment: () => acts.push('a comment'),
  })
  parser.end(html)
  return acts
}

describe('a mail made safe to show', () => {
  for (const trick of TRICKS) {
    it(`does nothing with ${trick}`, () => {
      const html = safe(`<p>before</p>${trick}<p>after</p>`)
      expect(html).toContain('<p>before</p>')
      expect(actsOf(html)).toEqual([])
    })
  }

  it('keeps how the author laid it out', () => {
    const html =
      '<p style="color:#1F497D;font-family:\'Segoe UI\', Arial"><b>Hi</b> <font color="red">there</font></p><table border="1"><tr><td width="50%" colspan="2">x</td></tr></table><ol start="3"><li>y</li></ol>'
    expect(safe(html)).toBe(
      '<p style="color:#1F497D;font-family:\'Segoe UI\', Arial"><b>Hi</b> <font color="red">there</font></p><table border="1"><tr><td width="50%" colspan="2">x</td></tr></table><ol start="3"><li>y</li></ol>',
    )
  })

  it('opens links elsewhere, and tells that page nothing', () => {
    expect(safe('<a href="https://example.com/a?b=1&amp;c=2">x</a>')).toBe(
      '<a href="https://example.com/a?b=1&amp;c=2" rel="noopener noreferrer nofollow" target="_blank">x</a>',
    )
  })

  it('shows images that came with the mail, by the address that the caller gives', () => {
    const inlineImage = (id: string) => (id === 'a b@example.com' ? '/attachments/7' : null)
    const html = '<img src="cid:a%20b@example.com" alt="x"><img src="cid:unknown"><img src="CID:100%">'
    expect(safeHtml(html, { inlineImage })).toEqual({
      html: '<img alt="x" src="/attachments/7" /><img /><img />',
      blockedRemote: 0,
    })
    expect(safe('<img src="data:image/png;base64,iVBORw0KGgo=">')).toContain('src="data:image/png;base64,iVBORw0KGgo="')
  })

  it('counts what it did not load from elsewhere', () => {
    const html =
      '<img src="https://x.example/1.gif"><img src="//x.example/2.gif"><td background="http://x.example/3"><p style="background:url(http://x.example/4)"><link rel="stylesheet" href="https://x.example/5"><iframe src="https://x.example/6"></iframe><img src="cid:a"><a href="https://x.example">no</a>'
    expect(safeHtml(html, {}).blockedRemote).toBe(6)
  })

  it('keeps the words of elements that it takes out', () => {
    expect(safe('<form>Name: <button>Send</button></form><blink>new</blink>')).toBe('Name: Sendnew')
  })

  it('drops sizes that would tear the page apart', () => {
    expect(safe('<table width="99999" cellpadding="5"><tr><td colspan="100000">x</td></tr></table>')).toBe(
      '<table cellpadding="5"><tr><td>x</td></tr></table>',
    )
  })

  it('shows only the text of HTML that is too long or nests too deep', () => {
    const before = process.cpuUsage()
    expect(safe(`${'<b>'.repeat(150_000)}a &lt;script&gt;`)).toBe('<pre>a &#60;script&#62;</pre>')
    expect(safe(`<p>a</p>${' '.repeat(MAX_SHOWN_HTML)}<script>b</script>`)).toBe('<pre>a</pre>')
    expect(process.cpuUsage(before).user).toBeLessThan(2_000_000)
  })
})
