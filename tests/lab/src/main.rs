//! Runs the practice site for a person: `cargo run -p latchkey-lab [PORT]`.

use std::process::ExitCode;

use latchkey_lab::{Lab, hosts};

fn main() -> ExitCode {
    let port: Result<u16, std::num::ParseIntError> =
        std::env::args().nth(1).map_or(Ok(8401), |word| word.parse());
    let started = port.map_err(|error| error.to_string());
    match started.and_then(|port| Lab::start_on(port).map_err(|error| error.to_string())) {
        Err(error) => {
            eprintln!("latchkey-lab: {error}");
            ExitCode::FAILURE
        }
        Ok(lab) => {
            println!("The practice site is at {}", lab.url("lab.test", "/"));
            let port = lab.port();
            println!("The hosts under .test must lead to this machine, and their usual ports to this one:");
            println!(
                "  Chromium: --host-resolver-rules='MAP *.test:80 127.0.0.1:{port}, \
                 MAP *.test:443 127.0.0.1:{port}, MAP *.test 127.0.0.1'"
            );
            println!("  Firefox:  network.dns.localDomains = lab.test,{}", hosts().join(","));
            println!("            network.socket.forcePort = 80={port};443={port}");
            println!("Stop it with Ctrl+C.");
            loop {
                std::thread::park();
            }
        }
    }
}
