// Puts the platform's own button for subscription notices where a page has room for one.
// Without the platform's script (another browser, an old phone) the page's plain words stay.
"use strict";

(function () {
  const places = document.querySelectorAll("[data-subscribe]");

  function button(place) {
    const made = document.createElement("wx-open-subscribe");
    made.setAttribute("template", place.dataset.subscribe);
    const inner = document.createElement("script");
    inner.type = "text/wxtag-template";
    // the tag draws its inside apart from our style sheets, so its colours stand here
    inner.textContent =
      '<button style="width:100%;min-height:50px;border:0;border-radius:8px;' +
      'background:#0f766e;color:#fff;font-size:18px">' + place.dataset.label.replace(/[<>&"]/g, "") + "</button>";
    made.append(inner);
    made.addEventListener("success", () => {
      place.querySelector("[data-said]").textContent = place.dataset.done;
    });
    made.addEventListener("error", () => plain(place, made));
    place.prepend(made);
  }

  function plain(place, made) {
    made.remove();
    place.classList.remove("is-ready");
  }

  async function start() {
    const here = window.location.href.split("#")[0];
    const answer = await fetch("/h/sdk?url=" + encodeURIComponent(here));
    if (!answer.ok) return;
    const config = await answer.json();
    window.wx.config({ debug: false, jsApiList: ["openLocation"], ...config });
    window.wx.ready(() => places.forEach((place) => {
      button(place);
      place.classList.add("is-ready");
    }));
  }

  document.addEventListener("WeixinOpenTagsError", () => {
    document.querySelectorAll("wx-open-subscribe").forEach((made) => plain(made.parentElement, made));
  });
  if (places.length > 0 && window.wx && /MicroMessenger/i.test(navigator.userAgent)) {
    start().catch(() => undefined); // the plain words are there already
  }
})();
