//! TLS beside plain HTTP, on one port: the first byte of a connection tells which it is.
//!
//! An authority of its own signs, made anew in each process: a browser that is told to trust it
//! trusts nothing that outlives the test.

use std::io;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, PublicKeyData};
use ring::digest::{SHA256, digest};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::hosts;
use crate::token::base64;

/// The certificates of this process.
struct Certificates {
    authority: String,
    authority_key: String,
    acceptor: TlsAcceptor,
}

/// Made once: a browser of this process trusts every lab of it.
fn certificates() -> io::Result<&'static Certificates> {
    static MADE: OnceLock<Result<Certificates, String>> = OnceLock::new();
    let made = MADE.get_or_init(|| make().map_err(|error| error.to_string()));
    made.as_ref().map_err(|error| io::Error::other(error.as_str()))
}

/// The certificate of the practice sites' authority (DER, base64): Firefox is given it to trust.
pub fn authority() -> io::Result<&'static str> {
    Ok(&certificates()?.authority)
}

/// The hash of the authority's public key (SubjectPublicKeyInfo, SHA-256, base64): Chromium is told it.
pub fn authority_key() -> io::Result<&'static str> {
    Ok(&certificates()?.authority_key)
}

fn make() -> Result<Certificates, Box<dyn std::error::Error>> {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "Latchkey practice sites");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
    let key = authority.key().subject_public_key_info();
    let authority_key = base64(digest(&SHA256, &key).as_ref());

    let names: Vec<String> = hosts().into_iter().map(str::to_owned).collect();
    let key = KeyPair::generate()?;
    let own = CertificateParams::new(names)?.signed_by(&key, &authority)?;
    let chain = vec![own.der().clone(), authority.der().clone()];
    let key = PrivateKeyDer::try_from(key.serialize_der())?;
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key)?;
    let acceptor = TlsAcceptor::from(Arc::new(config));
    Ok(Certificates { authority: base64(authority.der()), authority_key, acceptor })
}

/// Either kind of connection.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// How a connection came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scheme {
    pub(crate) is_https: bool,
}

/// A port that takes both kinds.
#[derive(Debug)]
pub(crate) struct Front(mpsc::Receiver<(Box<dyn Stream>, Scheme)>);

/// The first byte of a TLS connection: a record of the kind "handshake" (RFC 8446, section 5.1). No
/// method of HTTP begins so.
const HANDSHAKE: u8 = 0x16;

/// Out of file descriptors, say: accepting at once would fail again.
const BREATH: Duration = Duration::from_millis(50);

impl Front {
    /// Takes connections from now on; to be called on the runtime. What is silent or fails its
    /// handshake holds up nobody else.
    pub(crate) fn open(listener: TcpListener) -> Self {
        let (send, receive) = mpsc::channel(16);
        tokio::spawn(async move {
            while !send.is_closed() {
                match listener.accept().await {
                    Ok((stream, _)) => {
                        let send = send.clone();
                        tokio::spawn(async move {
                            if let Ok(ready) = meet(stream).await {
                                let _ = send.send(ready).await;
                            }
                        });
                    }
                    Err(_) => tokio::time::sleep(BREATH).await,
                }
            }
        });
        Self(receive)
    }
}

async fn meet(stream: TcpStream) -> io::Result<(Box<dyn Stream>, Scheme)> {
    let mut first = [0];
    let is_https = stream.peek(&mut first).await? == 1 && first == [HANDSHAKE];
    let stream: Box<dyn Stream> = match is_https {
        true => Box::new(certificates()?.acceptor.accept(stream).await?),
        false => Box::new(stream),
    };
    Ok((stream, Scheme { is_https }))
}

impl Listener for Front {
    type Io = Box<dyn Stream>;
    /// Nobody asks from where on this machine it came.
    type Addr = Scheme;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.0.recv().await {
            Some(ready) => ready,
            // The runtime is being shut down.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        Ok(Scheme { is_https: false })
    }
}

impl Connected<IncomingStream<'_, Front>> for Scheme {
    fn connect_info(stream: IncomingStream<'_, Front>) -> Self {
        *stream.remote_addr()
    }
}
