;;; Does in Emacs what a person does: visits a file with eglot and looks at flymake's list.  -*- lexical-binding: t -*-
;;
;; The environment says what: COUNTERSIGN the server's program, FILE the file, ACTION the kind of code
;; action that is taken before the file is saved, if any, OUTPUT where the list goes as JSON, RECIPE a
;; file with the settings that bring the server, if any.

(require 'package)
(package-initialize)
(require 'eglot)
(require 'json)

(setq make-backup-files nil
      create-lockfiles nil
      eglot-sync-connect t
      eglot-autoshutdown nil
      eglot-confirm-server-initiated-edits nil
      ;; What is typed is sent at once.
      eglot-send-changes-idle-time 0)

;; The page's recipe brings a mode and its server, unless settings of our own are to be.
(if (getenv "RECIPE")
    (load (getenv "RECIPE") nil t)
  (add-to-list 'eglot-server-programs
               `((js-mode js-json-mode json-mode) . (,(getenv "COUNTERSIGN") "lsp"
                  :initializationOptions (:today "none" :config "none")))))

(defvar published 0 "How many sets of diagnostics came.")
(cl-defmethod eglot-handle-notification :after
  (_server (_method (eql textDocument/publishDiagnostics)) &key &allow-other-keys)
  (setq published (1+ published)))

(defun wait-for (what condition)
  (let ((end (time-add nil 30)))
    (while (not (funcall condition))
      (when (time-less-p end nil) (error "waited in vain for %s" what))
      (accept-process-output nil 0.05))))

(defun place (position)
  "Line and column in characters, both from 0."
  (save-excursion
    (goto-char position)
    (vector (1- (line-number-at-pos nil t)) (- (point) (line-beginning-position)))))

(defun diagnostics ()
  (vconcat
   (mapcar (lambda (each)
             `((text . ,(substring-no-properties (flymake-diagnostic-text each)))
               (level . ,(format "%s" (flymake-diagnostic-type each)))
               (start . ,(place (flymake-diagnostic-beg each)))
               (stop . ,(place (flymake-diagnostic-end each)))))
           (flymake-diagnostics))))

(defun session ()
  (find-file (getenv "FILE"))
  (unless (derived-mode-p 'js-mode) (js-mode))
  (apply #'eglot (eglot--guess-contact))
  (flymake-start)
  (wait-for "diagnostics" (lambda () (> published 0)))
  (let ((before (diagnostics)) (action (getenv "ACTION")) after)
    (when (and action (not (string-empty-p action)))
      (let ((seen published))
        (eglot-code-actions (point-min) (point-max) action t)
        (eglot--signal-textDocument/didChange)
        (wait-for "diagnostics of the new text" (lambda () (> published seen))))
      (save-buffer)
      (setq after (diagnostics)))
    (with-temp-file (getenv "OUTPUT")
      (insert (json-encode `((before . ,before) (after . ,(or after []))))))
    (eglot-shutdown (eglot-current-server) nil 10)))

(session)
