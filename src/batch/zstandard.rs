//! Zstandard streams. Their C code needs a compiler for the target, which there rarely is for WebAssembly: there, no such
//! stream can be read or written.

#[cfg(target_family = "wasm")]
pub(super) use unsupported::{Decoder, Encoder};
#[cfg(not(target_family = "wasm"))]
pub(super) use zstd::{Encoder, stream::read::Decoder};

#[cfg(target_family = "wasm")]
mod unsupported {
    use std::convert::Infallible;
    use std::io::{self, Read, Write};
    use std::marker::PhantomData;

    fn error() -> io::Error {
        io::Error::other(
            "zstandard is not supported in WebAssembly; decompress the file to check it",
        )
    }

    /// A decoder that is never created.
    pub(in crate::batch) struct Decoder<'d, R> {
        never: Infallible,
        reader: PhantomData<(&'d (), R)>,
    }

    impl<R> Decoder<'_, R> {
        pub(in crate::batch) fn with_buffer(_reader: R) -> io::Result<Self> {
            Err(error())
        }

        pub(in crate::batch) fn single_frame(self) -> Self {
            self
        }

        pub(in crate::batch) fn get_ref(&self) -> &R {
            match self.never {}
        }

        pub(in crate::batch) fn finish(self) -> R {
            match self.never {}
        }
    }

    impl<R> Read for Decoder<'_, R> {
        fn read(&mut self, _buffer: &mut [u8]) -> io::Result<usize> {
            match self.never {}
        }
    }

    /// An encoder that is never created.
    pub(in crate::batch) struct Encoder<'e, W> {
        never: Infallible,
        writer: PhantomData<(&'e (), W)>,
    }

    impl<W> Encoder<'_, W> {
        pub(in crate::batch) fn new(_writer: W, _level: i32) -> io::Result<Self> {
            Err(error())
        }

        pub(in crate::batch) fn finish(self) -> io::Result<W> {
            match self.never {}
        }
    }

    impl<W> Write for Encoder<'_, W> {
        fn write(&mut self, _bytes: &[u8]) -> io::Result<usize> {
            match self.never {}
        }

        fn flush(&mut self) -> io::Result<()> {
            match self.never {}
        }
    }
}
