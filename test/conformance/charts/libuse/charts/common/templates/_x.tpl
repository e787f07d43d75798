{{ define "common.x" }}from {{ .Chart.Name }} {{ .Template.Name }}{{ end }}
