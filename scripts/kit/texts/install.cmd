@echo off
rem Installs Sluice from this stick: install.cmd [--verify ^| --rollback ^| --uninstall]. The work is done by install.ps1.
setlocal
set "WHAT="
if /i "%~1"=="--verify" set "WHAT=-Verify"
if /i "%~1"=="--rollback" set "WHAT=-Rollback"
if /i "%~1"=="--uninstall" set "WHAT=-Uninstall"
if not "%~1"=="" if "%WHAT%"=="" (
  echo install.cmd: there is no %1: install.cmd [--verify, --rollback or --uninstall]
  exit /b 1
)
powershell.exe -NoProfile -ExecutionPolicy Bypass -File "%~dp0install.ps1" %WHAT%
set "CODE=%ERRORLEVEL%"
rem A double click would close the window on what was said.
if "%~1"=="" pause
exit /b %CODE%
