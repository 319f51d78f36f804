// Passkeys: asks the site for a challenge, the device for an answer, and hands that to the site.
(() => {
  "use strict";
  if (!window.PublicKeyCredential || !navigator.credentials) {
    return;
  }

  const bytes = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (char) => char.charCodeAt(0));
  };
  const text = (buffer) => {
    const plain = String.fromCharCode(...new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  };

  const ask = async (path, body, signal) => {
    const response = await fetch(path, {
      method: "POST",
      signal,
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(body),
    });
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) {
      throw new Error(answer.detail || "This did not work. Please try again.");
    }
    return answer;
  };

  const decoded = (options) => {
    const key = { ...options.publicKey, challenge: bytes(options.publicKey.challenge) };
    if (key.user) {
      key.user = { ...key.user, id: bytes(key.user.id) };
    }
    for (const list of ["excludeCredentials", "allowCredentials"]) {
      if (key[list]) {
        key[list] = key[list].map((one) => ({ ...one, id: bytes(one.id) }));
      }
    }
    return { ...options, publicKey: key };
  };

  const encoded = (credential) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) {
        response[name] = text(credential.response[name]);
      }
    }
    return {
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      response,
      extensions: credential.getClientExtensionResults(),
    };
  };

  // A browser waits for one answer at a time: the offer beside the name ends when somebody presses the button.
  let waiting = new AbortController();

  const run = async (root, autofill) => {
    waiting.abort();
    waiting = new AbortController();
    const { signal } = waiting;
    const kind = root.dataset.passkey;
    const path = `/user/passkey/${kind}`;
    const begun = await ask(`${path}/begin`, { autofill }, signal);
    const options = decoded(begun.options);
    const made = kind === "register"
      ? await navigator.credentials.create({ ...options, signal })
      : await navigator.credentials.get({ ...options, signal });
    const remember = document.querySelector('input[name="remember"]');
    const answer = await ask(path, {
      ceremony: begun.ceremony,
      credential: encoded(made),
      name: kind === "register" ? device() : "",
      destination: root.dataset.destination || "",
      remember: Boolean(remember && remember.checked),
    }, signal);
    window.location.assign(answer.location);
  };

  // What people call the device that they sit at.
  const device = () => {
    const agent = navigator.userAgentData;
    return (agent && agent.platform) || navigator.platform || "Passkey";
  };

  for (const root of document.querySelectorAll("[data-passkey]")) {
    const button = root.querySelector("button");
    const status = root.querySelector("[role=status]");
    root.hidden = false;
    button.addEventListener("click", async () => {
      button.disabled = true;
      status.textContent = "";
      try {
        await run(root, false);
      } catch (error) {
        // Whoever closes the browser's own window knows that they did.
        status.textContent = ["NotAllowedError", "AbortError"].includes(error.name) ? "" : error.message;
      }
      button.disabled = false;
    });
    const conditional = PublicKeyCredential.isConditionalMediationAvailable;
    if (root.dataset.passkey === "sign-in" && root.hasAttribute("data-autofill") && conditional) {
      conditional.call(PublicKeyCredential).then((can) => (can ? run(root, true) : null)).catch(() => {});
    }
  }
})();
