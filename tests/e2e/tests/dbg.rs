#![allow(missing_docs)]
use latchkey_e2e::*; use latchkey_lab::Lab;
#[tokio::test] async fn a() -> anyhow::Result<()> {
  let lab = Lab::start()?; 
  let dist = std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/echo"));
  let b = Browser::launch(Kind::Chromium, &Options { dist, ..Options::new(lab.port()) }).await?;
  let id = b.extension_url(""); let id = id.trim_end_matches('/').rsplit('/').next().unwrap().to_owned();
  let e = b.open("chrome://extensions/").await?;
  let info = "const i = await chrome.developerPrivate.getExtensionsInfo({includeDisabled:true}); const x=i[0]; return [x.state, x.incognitoAccess, x.views, x.runtimeErrors, x.permissions, x.disableReasons]";
  eprintln!("{}", e.eval(info).await?);
  let which = std::env::var("W").unwrap();
  e.eval_with("await chrome.developerPrivate.updateExtensionConfiguration(Object.assign({extensionId: args[0]}, JSON.parse(args[1])))", serde_json::json!([id, which])).await?;
  for _ in 0..6 { eprintln!("{}", e.eval(info).await?); tokio::time::sleep(std::time::Duration::from_millis(150)).await; }
  let p = b.new_window().await?;
  for _ in 0..3 { eprintln!("{:?}", p.goto(&b.extension_url("manifest.json")).await);
  eprintln!("{:?}", p.eval("return [location.href, document.body.innerText.slice(0,200), Object.keys(chrome)]").await);
  eprintln!("{:?}", p.goto(&b.extension_url("popup.html")).await);
  eprintln!("{:?}", p.eval("return [location.href, document.body.innerText.slice(0,200), Object.keys(chrome)]").await);
  tokio::time::sleep(std::time::Duration::from_millis(1000)).await; }
  if let Ok(w2) = std::env::var("W2") { e.eval_with("await chrome.developerPrivate.updateExtensionConfiguration(Object.assign({extensionId: args[0]}, JSON.parse(args[1])))", serde_json::json!([id, w2])).await?;
  eprintln!("{}", e.eval(info).await?);
  for n in 0..3 { b.visit(&lab.url("other.test", &format!("/?{n}"))).await?; 
  tokio::time::sleep(std::time::Duration::from_millis(1000)).await; 
  eprintln!("{:?}", b.extension_eval("return [await chrome.storage.local.get(), await chrome.permissions.getAll()]").await);
  } }
  b.close().await
}
