;;; Opens a file in Emacs with eglot and writes the diagnostics of flymake.  -*- lexical-binding: t -*-
;;
;; Environment variables:
;;   COUNTERSIGN  the binary of the server
;;   FILE         the file to open
;;   ACTION       the kind of the code action that is applied before the file is saved (optional)
;;   OUTPUT       the file for the diagnostics, as JSON
;;   RECIPE       a file with the configuration that starts the server (optional)

(require 'package)
(package-initialize)
(require 'eglot)
(require 'json)

(setq make-backup-files nil
      create-lockfiles nil
      eglot-sync-connect t
      eglot-autoshutdown nil
      eglot-confirm-server-initiated-edits nil
      ;; Send changes immediately.
      eglot-send-changes-idle-time 0)

;; The recipe defines a mode and its server; without a recipe, use the settings of these tests.
(if (getenv "RECIPE")
    (load (getenv "RECIPE") nil t)
  (add-to-list 'eglot-server-programs
               `((js-mode js-json-mode json-mode) . (,(getenv "COUNTERSIGN") "lsp"
                  :initializationOptions (:today "none" :config "none")))))

(defvar published 0 "The number of publishDiagnostics notifications received.")
(cl-defmethod eglot-handle-notification :after
  (_server (_method (eql textDocument/publishDiagnostics)) &key &allow-other-keys)
  (setq published (1+ published)))

(defun wait-for (what condition)
  (let ((end (time-add nil 30)))
    (while (not (funcall condition))
      (when (time-less-p end nil) (error "timeout: %s" what))
      (accept-process-output nil 0.05))))

(defun line-and-column (position)
  "Return the zero-based line and column in characters of POSITION."
  (save-excursion
    (goto-char position)
    (vector (1- (line-number-at-pos nil t)) (- (point) (line-beginning-position)))))

(defun diagnostics ()
  (vconcat
   (mapcar (lambda (each)
             `((text . ,(substring-no-properties (flymake-diagnostic-text each)))
               (level . ,(format "%s" (flymake-diagnostic-type each)))
               (start . ,(line-and-column (flymake-diagnostic-beg each)))
               (stop . ,(line-and-column (flymake-diagnostic-end each)))))
           (flymake-diagnostics))))

(defun session ()
  (find-file (getenv "FILE"))
  (unless (derived-mode-p 'js-mode) (js-mode))
  (apply #'eglot (eglot--guess-contact))
  (flymake-start)
  (wait-for "diagnostics" (lambda () (> published 0)))
  (let ((before (diagnostics)) (action (getenv "ACTION")) after)
    (when (and action (not (string-empty-p action)))
      (let ((previous published))
        (eglot-code-actions (point-min) (point-max) action t)
        (eglot--signal-textDocument/didChange)
        (wait-for "diagnostics of the new text" (lambda () (> published previous))))
      (save-buffer)
      (setq after (diagnostics)))
    (with-temp-file (getenv "OUTPUT")
      (insert (json-encode `((before . ,before) (after . ,(or after []))))))
    (eglot-shutdown (eglot-current-server) nil 10)))

(session)
